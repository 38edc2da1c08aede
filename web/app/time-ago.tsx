import { fullTime, timeAgo } from './time.ts';

/** How long ago something was, with the moment itself for those who point at it. */
export const TimeAgo = ({ iso }: { readonly iso: string }) => (
  <time dateTime={iso} title={fullTime(iso)}>
    {timeAgo(iso)}
  </time>
);
