/** The entry of a utility process: the library or the engine of the host. */
import { suiteWork } from '../core/cli/suite-work';
import { runChild } from '../core/host/process';

void runChild(process.argv.slice(2), suiteWork);
