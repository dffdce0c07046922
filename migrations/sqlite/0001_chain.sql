CREATE TABLE `head` (
	`one` integer PRIMARY KEY NOT NULL CHECK (`one` = 1),
	`seq` integer NOT NULL,
	`recorded_at` text NOT NULL,
	`chain` blob NOT NULL,
	`epoch` text NOT NULL,
	`moved_to` text
) STRICT;
--> statement-breakpoint
ALTER TABLE `entry` ADD `chain` blob;
