export { BYTES_KEYWORD } from './bytes.ts';
export { faultIn } from './checker.ts';
export { FORMATS } from './formats.ts';
