CREATE TABLE "command" (
	"key" text COLLATE "C" PRIMARY KEY NOT NULL,
	"fingerprint" text COLLATE "C" NOT NULL,
	"first_seq" bigint NOT NULL,
	"count" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "entry" (
	"seq" bigint PRIMARY KEY NOT NULL,
	"id" text COLLATE "C" NOT NULL,
	"subject" text COLLATE "C" NOT NULL,
	"revision" integer NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"payload" text COLLATE "C",
	"salt" text COLLATE "C",
	"payload_digest" text COLLATE "C" NOT NULL,
	"visibility" text COLLATE "C" NOT NULL,
	"authority" text COLLATE "C" NOT NULL,
	"officer" text COLLATE "C" NOT NULL,
	"command" text COLLATE "C" NOT NULL,
	"recorded_at" text COLLATE "C" NOT NULL,
	"digest" text COLLATE "C" NOT NULL,
	"chain" "bytea" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "head" (
	"one" integer PRIMARY KEY NOT NULL,
	"seq" bigint NOT NULL,
	"recorded_at" text COLLATE "C" NOT NULL,
	"chain" "bytea" NOT NULL,
	"epoch" text COLLATE "C" NOT NULL,
	"moved_to" text COLLATE "C",
	CONSTRAINT "head_one" CHECK (one = 1)
);
--> statement-breakpoint
CREATE TABLE "lease" (
	"work" text COLLATE "C" PRIMARY KEY NOT NULL,
	"holder" text COLLATE "C" NOT NULL,
	"until" bigint NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX "entry_subject_revision" ON "entry" USING btree ("subject","revision");