import { PageHeader } from '@candlefish/ui';
import { useParams } from '@tanstack/react-router';
import { usePageTitle } from '../page-title.ts';

/** One document. */
export function DocumentPage() {
  const { id } = useParams({ from: '/console/documents/$id' });
  usePageTitle('Document');
  return (
    <div className="page">
      <PageHeader title={id} />
    </div>
  );
}
