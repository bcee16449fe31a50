export { buildAudiences } from './build-audiences.ts';
export { sweepInstants } from './sweep-instants.ts';
