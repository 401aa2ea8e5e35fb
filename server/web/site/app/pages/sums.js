/**
 * One field over all rows: what all sites hold, what all orders have reserved.
 * @param {any[]} rows
 * @param {string} field
 * @returns {number}
 */
export const sum = (rows, field) => rows.reduce((n, r) => n + (r[field] ?? 0), 0);
