import { buttonClass, EmptyState } from '@candlefish/ui';
import { Link } from '@tanstack/react-router';
import { Compass } from 'lucide-react';
import { usePageTitle } from '../page-title.ts';

/** An address that leads nowhere. */
export function NotFoundPage() {
  usePageTitle('Not found');
  return (
    <div className="page" id="main">
      <h1 className="visually-hidden">Not found</h1>
      <EmptyState
        icon={<Compass />}
        title="There is nothing at this address"
        text="It may have been deleted, or it belongs to a company you are not signed in to."
      >
        <Link className={buttonClass('primary')} to="/documents">
          Go to the documents
        </Link>
      </EmptyState>
    </div>
  );
}
