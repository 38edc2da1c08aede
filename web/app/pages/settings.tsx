import { Button, PageHeader, Select, useTheme, useToast } from '@candlefish/ui';
import { explain } from '../explain.ts';
import { THEMES } from '../layout/person-menu.tsx';
import { usePageTitle } from '../page-title.ts';
import { useServices, useSessionState } from '../services.ts';

/** What a person can set for themselves. */
export function SettingsPage() {
  usePageTitle('Settings');
  const { session } = useServices();
  const state = useSessionState();
  const [theme, setTheme] = useTheme();
  const toast = useToast();
  return (
    <div className="page page-narrow">
      <PageHeader title="Settings" />
      <section className="card" aria-labelledby="appearance">
        <h2 className="card-title" id="appearance">
          Appearance
        </h2>
        <p className="card-text">Kept on this device.</p>
        <Select label="Theme" choices={THEMES} value={theme} onChange={setTheme} />
      </section>
      <section className="card" aria-labelledby="session">
        <h2 className="card-title" id="session">
          Session
        </h2>
        <p className="card-text">
          {state.kind === 'signed-in' && (
            <>
              Signed in as <strong>{state.who.email}</strong> with the role {state.who.role}. Signing out ends the
              session in all tabs of this browser.
            </>
          )}
        </p>
        <Button
          onClick={() => {
            session.signOut().catch((error: unknown) => toast(explain(error)));
          }}
        >
          Sign out
        </Button>
      </section>
    </div>
  );
}
