CREATE TABLE "access" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "access_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"at" text COLLATE "C" NOT NULL,
	"act" text COLLATE "C" NOT NULL,
	"by" text COLLATE "C" NOT NULL,
	"officer" text COLLATE "C" NOT NULL,
	"authority" text COLLATE "C" NOT NULL,
	"about" text COLLATE "C" NOT NULL,
	"detail" text COLLATE "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "beside_head" (
	"store" text COLLATE "C" PRIMARY KEY NOT NULL,
	"seq" bigint NOT NULL,
	"forgotten" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "beside_row" (
	"store" text COLLATE "C" NOT NULL,
	"place" text COLLATE "C" NOT NULL,
	"key" text COLLATE "C" NOT NULL,
	"seq" bigint NOT NULL,
	"at" bigint NOT NULL,
	"row" text COLLATE "C",
	CONSTRAINT "beside_row_store_place_key_pk" PRIMARY KEY("store","place","key")
);
--> statement-breakpoint
CREATE TABLE "shared_file" (
	"name" text COLLATE "C" PRIMARY KEY NOT NULL,
	"version" text COLLATE "C" NOT NULL,
	"bytes" bigint NOT NULL,
	"parts" integer NOT NULL,
	"at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "shared_key" (
	"name" text COLLATE "C" PRIMARY KEY NOT NULL,
	"sealed" text COLLATE "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "shared_part" (
	"name" text COLLATE "C" NOT NULL,
	"part" integer NOT NULL,
	"content" "bytea" NOT NULL,
	CONSTRAINT "shared_part_name_part_pk" PRIMARY KEY("name","part")
);
--> statement-breakpoint
CREATE INDEX "access_about" ON "access" USING btree ("about");--> statement-breakpoint
CREATE INDEX "access_by" ON "access" USING btree ("by");--> statement-breakpoint
CREATE INDEX "access_at" ON "access" USING btree ("at");--> statement-breakpoint
CREATE INDEX "beside_row_seq" ON "beside_row" USING btree ("store","seq");