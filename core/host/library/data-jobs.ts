/** The jobs that the library process does: adding a dataset, and checking one. */
import { addDataset, checkDataset } from '../../data/add';
import type { JobRequest } from '../../contract/areas/jobs';
import { AppError } from '../../lib/errors';
import type { WorkContext } from '../work';
import { namingUploads } from './datasets/uploads';
import type { DatasetDesk } from './desk';

export async function dataWork(request: JobRequest, desk: DatasetDesk, context: WorkContext): Promise<void> {
  const { dataFolder } = desk;
  const { progress, signal, target } = context;
  const own = (error: unknown): never => {
    throw namingUploads(error, dataFolder);
  };
  switch (request.kind) {
    case 'add-dataset': {
      const { dataset, from = '' } = request;
      target(dataset);
      const { manifest, added } = await addDataset(dataset, from, { dataFolder, progress, signal }).catch(own);
      const { train, test } = manifest.splits;
      const counts = `${train.images} training and ${test.images} test images in ${manifest.classes.length} classes`;
      progress.note(added ? `Added ${manifest.title}: ${counts}.` : `${manifest.title} was there already: ${counts}.`);
      return;
    }
    case 'check-dataset': {
      const { dataset, from = '' } = request;
      target(dataset);
      const { data, files } = await checkDataset(dataset, from, { dataFolder, progress, signal }).catch(own);
      const sums = files.filter(({ ok }) => ok === true).length;
      progress.note(
        `${data.title} is whole: ${data.train.size + data.test.size} images, ${sums} of ${files.length} files with the right sum.`,
      );
      return;
    }
    default:
      throw new AppError('FAILED', `The library does not do '${request.kind}' jobs.`);
  }
}
