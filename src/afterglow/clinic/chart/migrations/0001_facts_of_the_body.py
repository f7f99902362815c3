"""What is true of the patient's body and what entered it, as guarded facts."""

import django.db.models.deletion
import django.db.models.functions.datetime
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('record', '0001_chain_and_guards'),
        ('people', '0001_staff_and_patients'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Encounter',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('happened_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('kind', models.CharField(choices=[('session', 'Treatment session'), ('intake', 'Intake'), ('review', 'Review'), ('therapy', 'Therapy'), ('call', 'Telephone call')], max_length=8)),
                ('note', models.TextField(blank=True)),
                ('corrects', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrected_by', to='chart.encounter')),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='people.patient')),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='DoseGiven',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('happened_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('drug', models.CharField(max_length=12)),
                ('route', models.CharField(max_length=16)),
                ('amount_mg', models.FloatField(blank=True, null=True)),
                ('duration_min', models.FloatField(blank=True, null=True)),
                ('rate_mg_per_min', models.FloatField(blank=True, null=True)),
                ('corrects', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrected_by', to='chart.dosegiven')),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='people.patient')),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('encounter', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='chart.encounter')),
            ],
        ),
        migrations.CreateModel(
            name='AdverseEvent',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('happened_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('what', models.CharField(max_length=120)),
                ('severity', models.CharField(choices=[('mild', 'Mild'), ('moderate', 'Moderate'), ('severe', 'Severe')], max_length=8)),
                ('serious', models.BooleanField(default=False)),
                ('done', models.TextField(blank=True)),
                ('corrects', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrected_by', to='chart.adverseevent')),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='people.patient')),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('encounter', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='chart.encounter')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Finding',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('happened_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('question', models.CharField(max_length=60)),
                ('answer', models.JSONField(help_text="true, false, 'unknown', a number, a date or a text")),
                ('note', models.TextField(blank=True)),
                ('corrects', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrected_by', to='chart.finding')),
                ('encounter', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='chart.encounter')),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='people.patient')),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Rating',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('happened_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('scale', models.CharField(help_text='An instrument id, with its version', max_length=20)),
                ('value', models.FloatField()),
                ('items', models.JSONField(default=dict)),
                ('corrects', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrected_by', to='chart.rating')),
                ('encounter', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='chart.encounter')),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='people.patient')),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Reading',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('happened_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('sign', models.CharField(help_text='A member of core.care.watch.Sign', max_length=16)),
                ('value', models.FloatField(help_text="In the sign's own unit")),
                ('device', models.CharField(blank=True, help_text='Empty: entered by hand', max_length=80)),
                ('channel', models.CharField(blank=True, max_length=40)),
                ('flags', models.JSONField(default=list)),
                ('corrects', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrected_by', to='chart.reading')),
                ('encounter', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='chart.encounter')),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='people.patient')),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Sample',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('happened_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('site', models.CharField(choices=[('venous', 'Venous'), ('arterial', 'Arterial')], max_length=8)),
                ('analyte', models.CharField(choices=[('ketamine', 'Ketamine, both forms together'), ('esketamine', 'Esketamine (S)'), ('norketamine', 'Norketamine')], max_length=12)),
                ('ng_per_ml', models.FloatField(blank=True, help_text='Empty: below the limit', null=True)),
                ('limit_ng_per_ml', models.FloatField(blank=True, null=True)),
                ('corrects', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrected_by', to='chart.sample')),
                ('encounter', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='chart.encounter')),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='people.patient')),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Score',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('happened_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('instrument', models.CharField(max_length=20)),
                ('version', models.CharField(max_length=20)),
                ('answers', models.JSONField()),
                ('total', models.FloatField(blank=True, null=True)),
                ('band', models.CharField(blank=True, max_length=40)),
                ('band_set', models.CharField(blank=True, max_length=40)),
                ('corrects', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrected_by', to='chart.score')),
                ('encounter', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='chart.encounter')),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='people.patient')),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddIndex(
            model_name='encounter',
            index=models.Index(fields=['patient', '-happened_at'], name='encounter_by_time'),
        ),
        migrations.AddIndex(
            model_name='dosegiven',
            index=models.Index(fields=['encounter', 'happened_at'], name='dose_by_time'),
        ),
        migrations.AddConstraint(
            model_name='dosegiven',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount_mg__gt', 0), ('duration_min__gt', 0), ('rate_mg_per_min__isnull', True)), models.Q(('amount_mg__isnull', True), ('duration_min__isnull', True), ('rate_mg_per_min__gte', 0)), _connector='OR'), name='dose_is_an_amount_or_a_rate'),
        ),
        migrations.AddIndex(
            model_name='finding',
            index=models.Index(fields=['patient', 'question', '-happened_at'], name='finding_newest'),
        ),
        migrations.AddIndex(
            model_name='rating',
            index=models.Index(fields=['encounter', 'scale', 'happened_at'], name='rating_by_time'),
        ),
        migrations.AddIndex(
            model_name='reading',
            index=models.Index(fields=['encounter', 'sign', '-happened_at'], name='reading_in_encounter'),
        ),
        migrations.AddIndex(
            model_name='reading',
            index=models.Index(fields=['patient', 'sign', '-happened_at'], name='reading_newest'),
        ),
        migrations.AddIndex(
            model_name='score',
            index=models.Index(fields=['patient', 'instrument', '-happened_at'], name='score_by_time'),
        ),
        migrations.RunSQL("SELECT record_guard('chart_encounter')", migrations.RunSQL.noop),
        migrations.RunSQL("SELECT record_guard('chart_dosegiven')", migrations.RunSQL.noop),
        migrations.RunSQL("SELECT record_guard('chart_adverseevent')", migrations.RunSQL.noop),
        migrations.RunSQL("SELECT record_guard('chart_finding')", migrations.RunSQL.noop),
        migrations.RunSQL("SELECT record_guard('chart_rating')", migrations.RunSQL.noop),
        migrations.RunSQL("SELECT record_guard('chart_reading')", migrations.RunSQL.noop),
        migrations.RunSQL("SELECT record_guard('chart_sample')", migrations.RunSQL.noop),
        migrations.RunSQL("SELECT record_guard('chart_score')", migrations.RunSQL.noop),
    ]
