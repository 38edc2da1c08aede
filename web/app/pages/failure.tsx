import { Button, EmptyState } from '@candlefish/ui';
import type { ErrorComponentProps } from '@tanstack/react-router';
import { TriangleAlert } from 'lucide-react';
import { explain } from '../explain.ts';

/** A page that failed, and the way to try it again. */
export const FailurePage = ({ error, reset }: ErrorComponentProps) => (
  <div className="page">
    <h1 className="visually-hidden">This page failed</h1>
    <EmptyState icon={<TriangleAlert />} tone="danger" title="This page failed" text={explain(error)}>
      <Button onClick={reset}>Try again</Button>
    </EmptyState>
  </div>
);
