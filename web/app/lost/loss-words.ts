/** Why changes could not be saved, by the code that the client was told. */
const REASONS: Readonly<Record<string, string>> = {
  epoch: 'the history of the document was erased or replaced meanwhile',
  read_only: 'you were not allowed to edit it any more',
  invalid: 'they do not fit what this document may hold',
  too_large: 'the document would have become too large',
  not_found: 'the document was not there any more',
  closed: 'the document was closed before they were sent',
};

/** Why changes could not be saved, as the end of a sentence. */
export const lossReason = (code: string): string => REASONS[code] ?? 'the platform could not read them';

/** Names of files may not hold these on some system. */
const UNSAFE = /[\\/:*?"<>|]+/g;

const ENDINGS: Readonly<Record<string, string>> = { 'text/markdown': 'md', 'application/json': 'json' };

/** The name of a file with lost changes of a document. */
export const lossFileName = (title: string, contentType: string, at: Date): string =>
  `${title.replaceAll(UNSAFE, ' ').trim() || 'Document'} (unsaved ${at.toISOString().slice(0, 10)}).${ENDINGS[contentType] ?? 'txt'}`;
