// A file for each engine: jest runs a setup once, however many projects name it.
// oxlint-disable-next-line import/no-default-export -- jest asks for it
export { setUp as default } from './setup';
