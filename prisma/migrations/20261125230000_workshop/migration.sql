-- CreateEnum
CREATE TYPE "LabOrigin" AS ENUM ('folder', 'workshop', 'archive', 'trial');

-- AlterTable
ALTER TABLE "Course" ADD COLUMN     "everyLab" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "Attempt" ADD COLUMN     "trial" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "versionId" TEXT;

-- AlterTable
ALTER TABLE "GradeReport" ADD COLUMN     "complete" BOOLEAN,
ADD COLUMN     "passed" BOOLEAN,
ADD COLUMN     "regradesId" TEXT;

-- CreateTable
CREATE TABLE "LabVersion" (
    "id" TEXT NOT NULL,
    "lab" TEXT NOT NULL,
    "number" INTEGER,
    "origin" "LabOrigin" NOT NULL,
    "digest" TEXT NOT NULL,
    "files" JSONB NOT NULL,
    "note" TEXT NOT NULL DEFAULT '',
    "proved" BOOLEAN NOT NULL DEFAULT false,
    "authorId" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "LabVersion_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "LabDraft" (
    "lab" TEXT NOT NULL,
    "courseId" TEXT NOT NULL,
    "files" JSONB NOT NULL,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "base" INTEGER,
    "proof" JSONB,
    "editorId" TEXT,
    "updatedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "LabDraft_pkey" PRIMARY KEY ("lab")
);

-- CreateIndex
CREATE UNIQUE INDEX "LabVersion_lab_number_key" ON "LabVersion"("lab", "number");

-- CreateIndex
CREATE INDEX "Attempt_versionId_idx" ON "Attempt"("versionId");

-- AddForeignKey
ALTER TABLE "Attempt" ADD CONSTRAINT "Attempt_versionId_fkey" FOREIGN KEY ("versionId") REFERENCES "LabVersion"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "GradeReport" ADD CONSTRAINT "GradeReport_regradesId_fkey" FOREIGN KEY ("regradesId") REFERENCES "GradeReport"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "LabVersion" ADD CONSTRAINT "LabVersion_authorId_fkey" FOREIGN KEY ("authorId") REFERENCES "user"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "LabDraft" ADD CONSTRAINT "LabDraft_courseId_fkey" FOREIGN KEY ("courseId") REFERENCES "Course"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "LabDraft" ADD CONSTRAINT "LabDraft_editorId_fkey" FOREIGN KEY ("editorId") REFERENCES "user"("id") ON DELETE SET NULL ON UPDATE CASCADE;
