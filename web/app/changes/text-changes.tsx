import { Button } from '@candlefish/ui';
import { useState } from 'react';
import { foldText, type ShownPart, type TextPart } from './fold.ts';

const TAGS = { equal: 'span', insert: 'ins', delete: 'del' } as const;
/** Said before a change to those who do not see colours. */
const SAID = { equal: '', insert: 'added: ', delete: 'removed: ' } as const;

/** Parts of one text: what came is underlaid, what went is struck out. */
export const Parts = ({ parts }: { readonly parts: readonly TextPart[] }) => {
  let offset = 0;
  return parts.map(({ kind, text }) => {
    const Tag = TAGS[kind];
    offset += text.length;
    return (
      <Tag key={`${kind} ${offset}`}>
        {kind !== 'equal' && <span className="visually-hidden">{SAID[kind]}</span>}
        {kind === 'equal' ? text : withLineEnds(text)}
      </Tag>
    );
  });
};

/** A change of nothing but line ends would not be seen. */
const withLineEnds = (text: string): string => (/^\n+$/.test(text) ? text.replaceAll('\n', '↵\n') : text);

/** What became of a text, line by line; long stretches that stayed are folded. */
export const TextChanges = ({ parts }: { readonly parts: readonly TextPart[] }) => {
  let offset = 0;
  return (
    <div className="changes-text">
      {foldText(parts).map((part) => {
        offset += part.text.length;
        const key = `${part.kind} ${offset}`;
        return part.kind === 'folded' ? <Folded key={key} part={part} /> : <Parts key={key} parts={[part]} />;
      })}
    </div>
  );
};

function Folded({ part }: { readonly part: Extract<ShownPart, { kind: 'folded' }> }) {
  const [isOpen, setOpen] = useState(false);
  if (isOpen) return <span>{part.text}</span>;
  return (
    <span className="changes-fold">
      <Button small look="quiet" onClick={() => setOpen(true)}>
        Show {part.lines} lines that stayed
      </Button>
    </span>
  );
}
