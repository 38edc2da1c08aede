import { Avatar, Menu, MenuChoices, MenuItem, MenuLine, type Theme, useTheme, useToast } from '@candlefish/ui';
import { membershipsQuery } from '@candlefish/web-graphql/operations/session';
import { useQuery } from '@tanstack/react-query';
import { ChevronsUpDown, LogOut } from 'lucide-react';
import { explain } from '../explain.ts';
import { useServices, useSessionState } from '../services.ts';

/** Names of the themes, in the order they are offered. */
export const THEMES: readonly { readonly value: Theme; readonly label: string }[] = [
  { value: 'system', label: 'As the device' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
];

/** Who is signed in and where; leads to other tenants, the theme and the way out. */
export function PersonMenu() {
  const { client, session } = useServices();
  const state = useSessionState();
  const [theme, setTheme] = useTheme();
  const toast = useToast();
  const who = state.kind === 'signed-in' ? state.who : null;
  const { data } = useQuery({
    queryKey: ['memberships', who?.tenantId],
    queryFn: ({ signal }) => client.run(membershipsQuery, {}, signal),
    enabled: who !== null,
  });
  if (who === null) return null;
  const tell = (error: unknown): void => toast(explain(error));
  const tenants = data?.memberships ?? [];
  const tenantName = tenants.find(({ tenantId }) => tenantId === who.tenantId)?.tenantName ?? '';
  return (
    <Menu
      align="start"
      trigger={
        <button type="button" className="shell-person">
          <Avatar id={who.userId} name={who.email} />
          <span className="shell-person-text">
            <span>{tenantName}</span>
            <span>{who.email}</span>
          </span>
          <ChevronsUpDown aria-hidden size={16} />
        </button>
      }
    >
      {tenants.length > 1 && (
        <>
          <MenuChoices
            label="Company"
            value={who.tenantId}
            choices={tenants.map(({ tenantId, tenantName: name, isDisabled }) => ({
              value: tenantId,
              label: name,
              disabled: isDisabled,
            }))}
            onChange={(tenantId) => {
              session.switchTenant(tenantId).catch(tell);
            }}
          />
          <MenuLine />
        </>
      )}
      <MenuChoices label="Theme" value={theme} choices={THEMES} onChange={setTheme} />
      <MenuLine />
      <MenuItem
        icon={<LogOut aria-hidden />}
        onSelect={() => {
          session.signOut().catch(tell);
        }}
      >
        Sign out
      </MenuItem>
    </Menu>
  );
}
