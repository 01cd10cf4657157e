export { Admission, type AdmissionOptions } from './admission.ts';
export { createObserved } from './observed.ts';
export { createRunnable } from './runnable.ts';
