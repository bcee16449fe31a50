export { freeOrphanedMail, sendDueMail } from './send-due-mail.ts';
