import { rotateKeysCall } from '@candlefish/auth/contract';
import { startPlatform } from '../platform.ts';
import { type Command, EXIT } from './command.ts';

/** `candlefish keys rotate` */
export const keysRotate: Command = {
  name: 'keys rotate',
  summary: 'Make a new key for signing access tokens.',
  help: `
The new key is published at /.well-known/jwks.json at once and signs after an overlap, so that every verifier has seen it;
the old one stays published until the last token it signed has expired. Nobody is signed out. Rotate every few months.

When a key may have leaked, add --emergency: the old keys end at once, and every access token with them; people get new
ones by their refresh tokens.`,
  options: {
    emergency: { type: 'boolean', help: 'end the old keys and all access tokens at once' },
    data: { type: 'string', value: 'FOLDER', help: 'data folder of the embedded database', env: 'CANDLEFISH_DATA' },
  },
  async run({ environment, terminal, values }) {
    const platform = await startPlatform({ environment, target: 'auth', listen: false, demo: false });
    try {
      const rotated = await platform
        .system('auth', null)
        .call(rotateKeysCall, { emergency: values['emergency'] === true });
      if (values['json'] === true) terminal.out(JSON.stringify(rotated, null, 2));
      else terminal.out(`key ${rotated.keyId} is published now and signs from ${rotated.activatesAt}`);
      return EXIT.ok;
    } finally {
      await platform.stop();
    }
  },
};
