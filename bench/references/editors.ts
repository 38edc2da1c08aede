import { type EditorSettings, Editors } from '../lib/editors.ts';
import { settingsOf } from './graph.ts';

// People who edit documents over sockets, in a process of its own: answers each number of seconds with what came of it.

const editors = new Editors(settingsOf<EditorSettings>());
await editors.open();
process.on('message', (seconds: number) => {
  editors.run(seconds).then(
    (edited) => process.send?.(edited),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
process.send?.('ready');
