/** Light or dark: the system's, unless the user chose. Charts read `theme.name`. */
import { settings } from './settings.svelte';

export const themeChoices = ['system', 'light', 'dark'] as const;
export type ThemeChoice = (typeof themeChoices)[number];

class Theme {
  readonly #media = matchMedia('(prefers-color-scheme: dark)');
  #system = $state<'light' | 'dark'>(this.#media.matches ? 'dark' : 'light');

  constructor() {
    this.#media.addEventListener('change', ({ matches }) => (this.#system = matches ? 'dark' : 'light'));
    $effect.root(() => {
      $effect.pre(() => {
        document.documentElement.dataset.theme = this.name;
      });
    });
  }

  get choice(): ThemeChoice {
    const stored = settings.get<string>('theme', 'system');
    return themeChoices.find((choice) => choice === stored) ?? 'system';
  }
  set choice(choice: ThemeChoice) {
    settings.set('theme', choice);
  }

  /** What is shown. */
  get name(): 'light' | 'dark' {
    const { choice } = this;
    return choice === 'system' ? this.#system : choice;
  }

  /** The other one; back to 'system' where that shows the same. */
  toggle(): void {
    const other = this.name === 'dark' ? 'light' : 'dark';
    this.choice = other === this.#system ? 'system' : other;
  }
}

export const theme = new Theme();
