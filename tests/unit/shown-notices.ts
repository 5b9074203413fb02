import type { Notice } from '../../utils/platform/notifications.ts';
import { noticeInWords } from '../../utils/words/notice.ts';
import type { World } from './world.ts';

/** The notifications of a world as a person reads them. */
export const shownNotices = (world: World): Notice[] => world.notices.map(noticeInWords);

export const titles = (world: World): string[] => shownNotices(world).map(({ title }) => title);
