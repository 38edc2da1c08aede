/** Configuration: declared where it is used, read from the environment once, every error reported together. */
export { environmentConfig } from './environment.ts';
export { ConfigError, processEnvironment, readConfig } from './read.ts';
export {
  bool,
  type ConfigOf,
  type ConfigSpec,
  int,
  list,
  type Option,
  oneOf,
  Secret,
  secret,
  text,
  url,
} from './spec.ts';
