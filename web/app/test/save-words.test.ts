import { expect, test } from 'vitest';
import { saveWords } from '../documents/save-words.ts';

test.for([
  ['saved', false, 'Saved', 'good'],
  ['saved', true, 'Saved', 'good'],
  ['saving', false, 'Saving …', 'busy'],
  ['saving', true, 'Not saved yet', 'bad'],
  ['connecting', true, 'Not saved yet', 'bad'],
  ['offline', true, 'Offline', 'bad'],
  ['refused', false, 'Not saved', 'bad'],
] as const)('%s, slow: %s, reads %s', ([status, isSlow, text, tone]) => {
  expect(saveWords({ status, keptLocally: true }, isSlow)).toMatchObject({ text, tone });
});

test('edits that are nowhere but in the page are asked to be waited for', () => {
  expect(saveWords({ status: 'offline', keptLocally: true }, false).meaning).toContain('kept on this device');
  expect(saveWords({ status: 'offline', keptLocally: false }, false).meaning).toContain('Keep this tab open');
  expect(saveWords({ status: 'saving', keptLocally: false }, true).meaning).toContain('Keep this tab open');
});
