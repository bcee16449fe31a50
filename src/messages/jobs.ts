export { sendDueMail } from './send-due-mail.ts';
