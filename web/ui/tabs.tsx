import { Tabs as Base } from '@base-ui/react/tabs';
import type { ReactNode } from 'react';

/** A tab and what it shows. */
export interface Tab {
  readonly id: string;
  readonly label: ReactNode;
  readonly content: ReactNode;
}

/** What tabs take. */
export interface TabsProps {
  readonly label: string;
  readonly tabs: readonly Tab[];
  readonly selected: string;
  readonly onSelect: (id: string) => void;
}

/** Views of which one is shown. */
export const Tabs = ({ label, tabs, selected, onSelect }: TabsProps) => (
  <Base.Root value={selected} onValueChange={(id) => onSelect(String(id))}>
    <Base.List className="tabs-list" aria-label={label}>
      {tabs.map((tab) => (
        <Base.Tab key={tab.id} value={tab.id} className="tab">
          {tab.label}
        </Base.Tab>
      ))}
    </Base.List>
    {tabs.map((tab) => (
      <Base.Panel key={tab.id} value={tab.id}>
        {tab.content}
      </Base.Panel>
    ))}
  </Base.Root>
);
