import { type Client, createClient, Session, type SessionState } from '@candlefish/web-graphql';
import { QueryClient } from '@tanstack/react-query';
import { createContext, use, useSyncExternalStore } from 'react';

/** What lives as long as the page is open. */
export interface Services {
  readonly session: Session;
  readonly client: Client;
  readonly queries: QueryClient;
}

/** Data younger than this is shown without asking again, ms. */
const FRESH_MS = 5_000;
/** Tries after the first one; a platform that restarts is back within seconds. */
const RETRIES_MAX = 2;

/** Makes the services of a page. */
export function createServices(): Services {
  const session = new Session();
  const queries = new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: FRESH_MS,
        // A refusal stays one; only silence is worth another try.
        retry: (failures, error) => failures < RETRIES_MAX && (error as { code?: string }).code === 'NETWORK',
      },
    },
  });
  return { session, client: createClient(session), queries };
}

/** Gives every component the services. */
export const ServicesContext = createContext<Services | null>(null);

/** The services of this page. @throws Error outside of the app. */
export function useServices(): Services {
  const services = use(ServicesContext);
  if (services === null) throw new Error('the services are given by the app');
  return services;
}

/** Who is signed in, as it changes. */
export function useSessionState(): SessionState {
  const { session } = useServices();
  return useSyncExternalStore(session.subscribe, () => session.state);
}
