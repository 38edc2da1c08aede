import { Shell } from '@candlefish/ui';
import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { FileText, Settings } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useSessionState } from '../services.ts';
import { PersonMenu } from './person-menu.tsx';

/** The frame of every page behind the sign-in. */
export function Console() {
  useFocusOnPage();
  const state = useSessionState();
  // A page that stays open would go on showing what it has of the tenant before.
  const as = state.kind === 'signed-in' ? `${state.who.userId} ${state.who.tenantId}` : '';
  return (
    <Shell
      brand={
        <Link className="shell-brand" to="/documents">
          <img src="/candlefish.svg" alt="" />
          <span>Candlefish</span>
        </Link>
      }
      nav={
        <>
          <Link to="/documents" activeProps={{ 'aria-current': 'page' }}>
            <FileText aria-hidden />
            <span>Documents</span>
          </Link>
          <Link to="/settings" activeProps={{ 'aria-current': 'page' }}>
            <Settings aria-hidden />
            <span>Settings</span>
          </Link>
        </>
      }
      end={<PersonMenu />}
    >
      <Outlet key={as} />
    </Shell>
  );
}

/** Puts the focus on a page that takes the place of another one: it would stay on a link that is gone, or nowhere. */
function useFocusOnPage(): void {
  const { pathname } = useLocation();
  const shown = useRef(pathname);
  useEffect(() => {
    if (shown.current === pathname) return;
    shown.current = pathname;
    document.getElementById('main')?.focus({ preventScroll: true });
  }, [pathname]);
}
