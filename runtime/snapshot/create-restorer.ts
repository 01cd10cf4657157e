import { createCopyingRestorer } from './copying-restorer.ts';
import { createMappingRestorer } from './mapping-restorer.ts';
import type { Restorer } from './restorer.ts';
import type { SharedImage } from './shared-image.ts';

/** Chooses the way that the image was shared for. */
export function createRestorer(image: SharedImage): Restorer {
  return image.kind === 'mapped' ? createMappingRestorer(image.pages, image.fd) : createCopyingRestorer(image.memory);
}
