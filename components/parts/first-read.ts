/**
 * What a page paints from is asked for when this file is loaded. Import it before anything else: the
 * database answers while the rest of the page is still on its way.
 */
import { openRecords } from '../../utils/vault/database.ts';
import { readStored } from './stored.ts';

export const firstRead = openRecords().then(async (records) => ({
  records,
  stored: await readStored(records),
}));
