import { SqliteRegistryStore } from '../../runtime/store/sqlite/sqlite-registry-store.ts';
import { TEST_CIPHER } from '../support/cipher.ts';
import { onSqlite } from './on-sqlite.ts';
import { registryStoreConformance } from './registry-store.suite.ts';

onSqlite(registryStoreConformance, (storage) => new SqliteRegistryStore(storage, TEST_CIPHER));
