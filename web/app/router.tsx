import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { type DocumentSight, panelOf } from './documents/panels.ts';
import type { DocumentSearch } from './documents/queries.ts';
import { Console } from './layout/console.tsx';
import { FailurePage } from './pages/failure.tsx';
import { NotFoundPage } from './pages/not-found.tsx';
import type { Services } from './services.ts';

/** Where to go after the sign-in. */
interface Entering {
  readonly next?: string | undefined;
}

const readEntering = ({ next }: Record<string, unknown>): Entering => ({
  // An address of this site and nothing else: `//elsewhere` is one of another.
  next: typeof next === 'string' && /^\/(?![/\\])/.test(next) ? next : undefined,
});

const root = createRootRouteWithContext<Services>()({ component: Outlet });

/** Those who are in already go on to where they wanted. */
const leaveWhenIn = ({ context, search }: { readonly context: Services; readonly search: Entering }): void => {
  if (context.session.state.kind === 'signed-in') throw redirect({ href: search.next ?? '/documents' });
};

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: readEntering,
  beforeLoad: leaveWhenIn,
  component: lazyRouteComponent(() => import('./pages/sign-in.tsx'), 'SignInPage'),
});

const signUp = createRoute({
  getParentRoute: () => root,
  path: '/sign-up',
  validateSearch: readEntering,
  beforeLoad: leaveWhenIn,
  component: lazyRouteComponent(() => import('./pages/sign-up.tsx'), 'SignUpPage'),
});

const shared = createRoute({
  getParentRoute: () => root,
  path: '/shared',
  component: lazyRouteComponent(() => import('./shared/shared-page.tsx'), 'SharedPage'),
});

const consoleLayout = createRoute({
  getParentRoute: () => root,
  id: 'console',
  beforeLoad({ context, location }) {
    if (context.session.state.kind === 'signed-in') return;
    const next = location.href === '/' ? undefined : location.href;
    throw redirect({ to: '/sign-in', search: { next } });
  },
  component: Console,
});

const home = createRoute({
  getParentRoute: () => consoleLayout,
  path: '/',
  beforeLoad() {
    throw redirect({ to: '/documents' });
  },
});

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

const documents = createRoute({
  getParentRoute: () => consoleLayout,
  path: '/documents',
  validateSearch: ({ q, type }: Record<string, unknown>): DocumentSearch => ({ q: text(q), type: text(type) }),
  component: lazyRouteComponent(() => import('./documents/documents-page.tsx'), 'DocumentsPage'),
});

const document = createRoute({
  getParentRoute: () => consoleLayout,
  path: '/documents/$id',
  validateSearch: ({ panel }: Record<string, unknown>): DocumentSight => ({ panel: panelOf(panel) }),
  component: lazyRouteComponent(() => import('./documents/document-page.tsx'), 'DocumentPage'),
});

const settings = createRoute({
  getParentRoute: () => consoleLayout,
  path: '/settings',
  component: lazyRouteComponent(() => import('./pages/settings.tsx'), 'SettingsPage'),
});

const routeTree = root.addChildren([
  signIn,
  signUp,
  shared,
  consoleLayout.addChildren([home, documents, document, settings]),
]);

/** The pages and their addresses; the server knows the same addresses (apps/server/console.ts). */
export const createAppRouter = (context: Services) =>
  createRouter({
    routeTree,
    context,
    defaultPreload: 'intent',
    defaultNotFoundComponent: NotFoundPage,
    defaultErrorComponent: FailurePage,
    scrollRestoration: true,
  });

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
