import { oneOf } from './spec.ts';

/** What a process is for. Spread into the settings of whoever has to know. */
export const environmentConfig = {
  environment: oneOf('CANDLEFISH_ENV', ['development', 'production', 'test'], {
    default: 'development',
    doc: 'What the process is for. `production` closes introspection, asks for CANDLEFISH_SECRET, sets Secure cookies and takes no weak AUTH_PASSWORD_MEMORY_KIB.',
  }),
} as const;
