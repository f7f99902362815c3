"""The chain over all facts, and the database's own refusal to change one.

`record_guard(table)` gives a table its triggers: later apps call it once per fact table. The seal
is sha256(previous seal || the row as JSON in UTC without nulls), the same that `afterglow verify`
recomputes outside the database.
"""

import django.db.models.deletion
from django.db import migrations, models

FUNCTIONS = """
CREATE FUNCTION record_seal() RETURNS trigger LANGUAGE plpgsql SET timezone = 'UTC' AS $$
DECLARE
  fact record;
  chain record_book%ROWTYPE;
  next_seal bytea;
BEGIN
  FOR fact IN
    SELECT body ->> 'id' AS id,
           coalesce(body ->> 'patient_id', '00000000-0000-0000-0000-000000000000')::uuid AS book,
           jsonb_strip_nulls(body)::text AS body
    FROM (SELECT to_jsonb(added.*) AS body FROM added) AS rows
    ORDER BY 2, 1  -- one order for everyone, so that two writers never wait for each other
  LOOP
    INSERT INTO record_book (id, length, head) VALUES (fact.book, 0, ''::bytea)
      ON CONFLICT (id) DO NOTHING;
    SELECT * INTO chain FROM record_book WHERE id = fact.book FOR UPDATE;
    next_seal := sha256(chain.head || convert_to(fact.body, 'UTF8'));
    INSERT INTO record_entry (book_id, number, fact_table, fact_id, seal)
      VALUES (fact.book, chain.length + 1, TG_TABLE_NAME, fact.id::uuid, next_seal);
    UPDATE record_book SET length = chain.length + 1, head = next_seal WHERE id = fact.book;
  END LOOP;
  RETURN NULL;
END $$;

CREATE FUNCTION record_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'A fact in % is never changed or removed. Add a newer one that corrects it.',
    TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION record_guard(facts text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE TRIGGER record_seal AFTER INSERT ON %I
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION record_seal()', facts);
  PERFORM record_refuse_changes(facts);
END $$;

CREATE FUNCTION record_refuse_changes(facts text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE TRIGGER record_refuse_change BEFORE UPDATE OR DELETE ON %I
    FOR EACH ROW EXECUTE FUNCTION record_refuse()', facts);
  EXECUTE format('CREATE TRIGGER record_refuse_truncate BEFORE TRUNCATE ON %I
    FOR EACH STATEMENT EXECUTE FUNCTION record_refuse()', facts);
END $$;

SELECT record_refuse_changes('record_entry');
"""

UNDO = """
DROP FUNCTION record_guard(text), record_refuse_changes(text), record_refuse(), record_seal()
CASCADE;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Book",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("length", models.BigIntegerField()),
                ("head", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.BigIntegerField()),
                ("fact_table", models.CharField(max_length=63)),
                ("fact_id", models.UUIDField()),
                ("seal", models.BinaryField()),
                ("book", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="entries", to="record.book")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("book", "number"), name="entry_once_a_number"),
                    models.UniqueConstraint(fields=("fact_table", "fact_id"), name="entry_once_a_fact"),
                ],
            },
        ),
        migrations.RunSQL(FUNCTIONS, UNDO),
    ]
