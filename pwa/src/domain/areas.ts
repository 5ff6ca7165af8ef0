/** The code of a village's county: six digits, then zeros. */
export const countyOf = (villageCode: string): string => `${villageCode.slice(0, 6)}000000`

/** The code of a village's township (server/domain/areas.py): nine digits, then zeros. */
export const townshipOf = (villageCode: string): string => `${villageCode.slice(0, 9)}000`

/** True for a county or something above it: what comes after its six digits is zeros. */
export const isCounty = (code: string): boolean => /^\d{6}0{6}$/.test(code)
