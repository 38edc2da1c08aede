import { Shell } from '@candlefish/ui';
import { Link, Outlet } from '@tanstack/react-router';
import { FileText, Settings } from 'lucide-react';
import { PersonMenu } from './person-menu.tsx';

/** The frame of every page behind the sign-in. */
export const Console = () => (
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
    <Outlet />
  </Shell>
);
