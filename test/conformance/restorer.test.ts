import { loadLibc } from '../../runtime/snapshot/libc.ts';
import { describeRestorer } from './restorer.suite.ts';

describeRestorer('copying a small image', { mode: 'auto', pages: 1, kind: 'copied' });
describeRestorer('copying a large image', { mode: 'copy', pages: 16, kind: 'copied' });
// Mapping needs the C library of Linux.
if (loadLibc()) {
  describeRestorer('mapping the smallest image that is mapped', { mode: 'auto', pages: 2, kind: 'mapped' });
  describeRestorer('mapping a large image', { mode: 'auto', pages: 40, kind: 'mapped' });
}
