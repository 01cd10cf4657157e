import { join } from 'node:path';
import { PACKAGE_ROOT } from '../package-root.ts';

/** The AssemblyScript SDK, which `import ... from "isola"` means in a guest. */
export const SDK_FOLDER: string = join(PACKAGE_ROOT, 'sdk/assembly/');
/** The files of a new project. */
export const TEMPLATE_FOLDER: string = join(PACKAGE_ROOT, 'sdk/template/');
