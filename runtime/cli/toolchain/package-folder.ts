import { fileURLToPath } from 'node:url';

/** The AssemblyScript SDK, which `import ... from "isola"` means in a guest. */
export const SDK_FOLDER: string = fileURLToPath(new URL('../../../../sdk/assembly/', import.meta.url));
/** The files of a new project. */
export const TEMPLATE_FOLDER: string = fileURLToPath(new URL('../../../../sdk/template/', import.meta.url));
