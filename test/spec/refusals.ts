/** What the rewriter refuses in the suite, each with the reason why it may. */
export const REFUSALS: readonly (readonly [what: RegExp, why: string])[] = [
  [/^threads and atomics/, 'an isolate is one thread; memory shared between threads would be outside of its limits'],
  [/^stack switching/, 'no engine that Isola runs on has it without a flag'],
  [/^custom page sizes/, 'no engine that Isola runs on has it without a flag'],
  [/^imports from .*, which was refused$/, 'the module that it would be linked with was refused'],
  [/^a function that was left behind$/, 'by a failed instantiation, in a table of another module; Isola links none'],
];
