import '@candlefish/ui/styles.css';
import './app.css';
import { CSPProvider } from '@base-ui/react/csp-provider';
import { ToastProvider } from '@candlefish/ui';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
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

async function start(): Promise<void> {
  const place = document.getElementById('app');
  if (place === null) throw new Error('the page has no place for the app');
  await services.session.start();
  createRoot(place).render(
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
