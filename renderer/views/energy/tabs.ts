/** What the energy view shows, one at a time. */
export const tabs = [
  { value: 'landscape', label: 'Landscape' },
  { value: 'distributions', label: 'Distributions' },
  { value: 'flatness', label: 'Flatness' },
  { value: 'training', label: 'Training' },
] as const;
export type Tab = (typeof tabs)[number]['value'];

/** As the address says it; else the landscape. */
export const tabOf = (name: string): Tab => tabs.find(({ value }) => value === name)?.value ?? 'landscape';
export const tabTitle = (tab: Tab): string => tabs.find(({ value }) => value === tab)?.label ?? '';
