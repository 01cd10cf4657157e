import { ALLOWED, isIn, LIBRARIES, LONGEST_FILE, NAMES, PURE, SQL, START, TABLES, TYPES } from './rooms.ts';
import type { Import, Rule, SourceFile } from './source-tree.ts';

/** Every import cycle once, as the way round it. Type imports count: a cycle of types is a cycle of thoughts. */
const noCycles: Rule = (files) => {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (file: SourceFile, trail: readonly string[]): void => {
    const start = trail.indexOf(file.path);
    if (start !== -1) {
      cycles.push([...trail.slice(start), file.path].join(' -> '));
      return;
    }
    if (done.has(file.path)) return;
    for (const { file: target } of file.imports) {
      const next = target === undefined ? undefined : byPath.get(target);
      if (next) visit(next, [...trail, file.path]);
    }
    done.add(file.path);
  };
  for (const file of files) visit(file, []);
  return cycles;
};

/** Rooms import what the table allows, and nothing outside of runtime/. */
const roomsKeepTheirPlace: Rule = (files) =>
  files.flatMap((file) => {
    const key = longestPlace(file.path, Object.keys(ALLOWED));
    if (key === undefined) return [`${file.path} is in no room: add the room to ALLOWED in test/house/rooms.ts`];
    const own = file.path.split('/').length > 2 ? `${file.path.split('/').slice(0, 2).join('/')}/` : file.path;
    const places = [...(ALLOWED[key] ?? []), own];
    const isAllowed = ({ file: target, typeOnly }: Import): boolean =>
      target === undefined ||
      places.some((place) => isIn(target, place) || (typeOnly && `${TYPES}${target}`.startsWith(place)));
    return file.imports.filter((one) => !isAllowed(one)).map((one) => `${file.path} may not import ${one.file}`);
  });

/** The worker entry is the only file of its room that knows the isolate; nothing imports it. */
const workerIsAnEntry: Rule = (files) =>
  files.flatMap((file) =>
    file.imports
      .filter((imported) => imported.file === 'runtime/pool/worker.ts')
      .map(() => `${file.path} may not import the thread's entry`),
  );

/** One foreign name per room. */
const librariesStayInTheirRoom: Rule = (files) =>
  files.flatMap((file) =>
    file.imports
      .filter((imported) => imported.file === undefined && !imported.specifier.startsWith('node:'))
      .flatMap(({ specifier }) => {
        const name = specifier
          .split('/')
          .slice(0, specifier.startsWith('@') ? 2 : 1)
          .join('/');
        const rooms = LIBRARIES[name];
        if (rooms === undefined) return [`${file.path} imports ${name}, which no room owns: add it to LIBRARIES`];
        return rooms.some((room) => isIn(file.path, room)) ? [] : [`${file.path} may not import ${name}`];
      }),
  );

/** The way to the first answer loads nothing that can wait. */
const startLoadsLittle: Rule = (files) => {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const seen = new Set<string>();
  const found: string[] = [];
  const visit = (path: string): void => {
    if (seen.has(path)) return;
    seen.add(path);
    for (const { specifier, file, typeOnly, dynamic } of byPath.get(path)?.imports ?? []) {
      if (typeOnly || dynamic) continue;
      if (START.late.some((late) => isIn(file ?? specifier, late))) found.push(`${path} loads ${specifier} too early`);
      if (file !== undefined) visit(file);
    }
  };
  for (const entry of START.entries) visit(entry);
  return found;
};

const pureRoomsKnowNoNode: Rule = (files) =>
  files
    .filter((file) => PURE.some((room) => isIn(file.path, room)))
    .flatMap((file) =>
      file.imports
        .filter(({ specifier }) => specifier.startsWith('node:'))
        .map(({ specifier }) => `${file.path} may not import ${specifier}`),
    );

const namesStayInTheirRoom: Rule = (files) =>
  Object.entries(NAMES).flatMap(([name, { pattern, rooms }]) =>
    files
      .filter((file) => pattern.test(file.code) && !rooms.some((room) => isIn(file.path, room)))
      .map((file) => `${file.path} may not say ${name}`),
  );

const sqlStaysInTheStore: Rule = (files) =>
  files
    .filter((file) => !isIn(file.path, SQL.room) && file.strings.some((text) => SQL.pattern.test(text)))
    .map((file) => `${file.path} may not speak SQL`);

const filesAreSmall: Rule = (files) =>
  files
    .filter((file) => file.lines > LONGEST_FILE && !TABLES.includes(file.path))
    .map((file) => `${file.path} has ${file.lines} lines, more than ${LONGEST_FILE}: split it`);

const namesAreKebabCase: Rule = (files) =>
  files
    .filter(
      (file) =>
        !file.path.split('/').every((part) => /^[a-z0-9]+(-[a-z0-9]+)*(\.(test|suite|bench|d))?(\.ts)?$/.test(part)),
    )
    .map((file) => `${file.path} is not named in kebab-case`);

const namesSayWhatIsInside: Rule = (files) =>
  files
    .filter((file) => /(^|[/-])(utils?|helpers?|misc|common)([/.-])/.test(file.path))
    .map((file) => `${file.path} names a drawer: name the noun that it holds`);

const noDefaultExports: Rule = (files) =>
  files
    .filter((file) => /\bexport\s+default\b|\bas\s+default\b/.test(file.code))
    .map((file) => `${file.path} has a default export`);

/** Every rule by its name. */
export const RULES: Readonly<Record<string, Rule>> = {
  noCycles,
  roomsKeepTheirPlace,
  workerIsAnEntry,
  librariesStayInTheirRoom,
  startLoadsLittle,
  pureRoomsKnowNoNode,
  namesStayInTheirRoom,
  sqlStaysInTheStore,
  filesAreSmall,
  namesAreKebabCase,
  namesSayWhatIsInside,
  noDefaultExports,
};

function longestPlace(path: string, places: readonly string[]): string | undefined {
  return places.filter((place) => isIn(path, place)).sort((a, b) => b.length - a.length)[0];
}
