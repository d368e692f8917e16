/** All attacks. */
import { Registry } from '../lib/registry';
import { apgdCe, apgdDlr, apgdT } from './apgd';
import type { AttackEntry } from './attack';
import { cw } from './cw';
import { deepfool } from './deepfool';
import { fab, fabT } from './fab';
import { fgsm } from './fgsm';
import { highEnergyPgd } from './high-energy-pgd';
import { mifgsm } from './mifgsm';
import { pgd } from './pgd';
import { square } from './square';

export const attackRegistry = new Registry<AttackEntry>('attack', [
  fgsm,
  pgd,
  mifgsm,
  highEnergyPgd,
  apgdCe,
  apgdDlr,
  apgdT,
  fab,
  fabT,
  deepfool,
  cw,
  square,
]);
