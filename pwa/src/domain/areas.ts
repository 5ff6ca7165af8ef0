/** The code of a village's township (server/domain/areas.py): nine digits, then zeros. */
export const townshipOf = (villageCode: string): string => `${villageCode.slice(0, 9)}000`
