import type { VersionRowFragment } from '@candlefish/web-graphql/operations/versions';

const KINDS: Readonly<Record<VersionRowFragment['kind'], string>> = {
  named: 'Version',
  auto: 'Kept by itself',
  restore: 'Before going back',
  branch_point: 'Where a branch began',
  before_merge: 'Before a merge',
};

/** What a kept state is called: its name, else why it was kept. */
export const titleOf = ({ name, kind }: VersionRowFragment): string => name ?? KINDS[kind];
