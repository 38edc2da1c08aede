import '@candlefish/ui/styles.css';
import './app.css';
import { CSPProvider } from '@base-ui/react/csp-provider';
import { Button, EmptyState, ToastProvider } from '@candlefish/ui';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { CloudOff } from 'lucide-react';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { explain } from './explain.ts';
import { createAppRouter } from './router.tsx';
import { createServices, ServicesContext } from './services.ts';
import { styleNonce } from './style-nonce.ts';

const services = createServices();
const router = createAppRouter(services);

// Whoever signs out leaves what they saw; another person or tenant begins afresh.
let knownAs = '';
services.session.subscribe(() => {
  const { state } = services.session;
  const as = state.kind === 'signed-in' ? `${state.who.userId} ${state.who.tenantId}` : '';
  if (as !== knownAs) services.queries.clear();
  knownAs = as;
  void router.invalidate();
});

/** Shown in place of the console when the platform does not answer at its first question. */
const Unreachable = ({ error }: { readonly error: unknown }) => (
  <main className="page">
    <EmptyState icon={<CloudOff />} tone="danger" title="The platform does not answer" text={explain(error)}>
      <Button onClick={() => location.reload()}>Try again</Button>
    </EmptyState>
  </main>
);

async function start(): Promise<void> {
  const place = document.getElementById('app');
  if (place === null) throw new Error('the page has no place for the app');
  const root = createRoot(place);
  try {
    await services.session.start();
  } catch (error) {
    root.render(<Unreachable error={error} />);
    return;
  }
  root.render(
    <StrictMode>
      <CSPProvider nonce={styleNonce()}>
        <ServicesContext value={services}>
          <QueryClientProvider client={services.queries}>
            <ToastProvider>
              <RouterProvider router={router} />
            </ToastProvider>
          </QueryClientProvider>
        </ServicesContext>
      </CSPProvider>
    </StrictMode>,
  );
}

await start();
