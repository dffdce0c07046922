CREATE TABLE `entry` (
	`seq` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`subject` text NOT NULL,
	`revision` integer NOT NULL,
	`kind` text NOT NULL,
	`payload` text,
	`salt` text,
	`payload_digest` text NOT NULL,
	`visibility` text NOT NULL,
	`authority` text NOT NULL,
	`officer` text NOT NULL,
	`command` text NOT NULL,
	`recorded_at` text NOT NULL,
	`digest` text NOT NULL
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `entry_subject_revision` ON `entry` (`subject`,`revision`);
--> statement-breakpoint
CREATE TABLE `command` (
	`key` text PRIMARY KEY NOT NULL,
	`fingerprint` text NOT NULL,
	`first_seq` integer NOT NULL,
	`count` integer NOT NULL
) STRICT, WITHOUT ROWID;
