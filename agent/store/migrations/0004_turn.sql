-- The newest turn in this file. A COMMIT that failed may have reached the disk all the same: this
-- number tells, when the file is opened again.
ALTER TABLE live ADD COLUMN turn INTEGER NOT NULL DEFAULT 0;
