/** `@[Ann](user:ID)` */
const MENTION = /@\[([^\]]*)\]\(user:[0-9a-f-]+\)/g;

/** The text of a comment, with those it speaks to set off. Line breaks stay; other marks are shown as they were typed. */
export function CommentBody({ body }: { readonly body: string }) {
  const pieces = [...body.matchAll(MENTION)];
  let from = 0;
  const shown = pieces.flatMap((match) => {
    const before = body.slice(from, match.index);
    from = match.index + match[0].length;
    return [
      before,
      <span key={match.index} className="mention">
        @{match[1]}
      </span>,
    ];
  });
  return (
    <p className="comment-body">
      {shown}
      {body.slice(from)}
    </p>
  );
}
