"""Sessions under watch, and what alarmed in them, as guarded facts."""

import django.db.models.deletion
import django.db.models.functions.datetime
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('record', '0001_chain_and_guards'),
        ('chart', '0001_facts_of_the_body'),
        ('people', '0001_staff_and_patients'),
        ('planning', '0001_proposals_and_signed_plans'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Watcher',
            fields=[
                ('name', models.CharField(max_length=40, primary_key=True, serialize=False)),
                ('seen_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Alarm',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('happened_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('code', models.CharField(max_length=60)),
                ('priority', models.CharField(choices=[('high', 'High'), ('medium', 'Medium'), ('low', 'Low')], max_length=6)),
                ('what', models.TextField(help_text='In words, with the value and its limit')),
                ('sign', models.CharField(blank=True, max_length=16)),
                ('value', models.FloatField(blank=True, null=True)),
                ('since', models.DateTimeField(help_text='When the condition began; it alarmed at happened_at')),
                ('action', models.TextField(blank=True, help_text='What the policy asks for')),
                ('source', models.TextField(blank=True)),
                ('grade', models.CharField(blank=True, max_length=3)),
                ('technical', models.BooleanField(default=False, help_text='About the watching, not the body')),
                ('policy_version', models.CharField(max_length=40)),
                ('again', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sounded_again', to='treatment.alarm')),
                ('corrects', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrected_by', to='treatment.alarm')),
                ('encounter', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='chart.encounter')),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='people.patient')),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Acknowledgement',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('happened_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('reason', models.CharField(max_length=200)),
                ('corrects', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrected_by', to='treatment.acknowledgement')),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='people.patient')),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('alarm', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='acknowledgement', to='treatment.alarm')),
            ],
        ),
        migrations.CreateModel(
            name='AlarmEnd',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('happened_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('alarm', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='end', to='treatment.alarm')),
                ('corrects', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrected_by', to='treatment.alarmend')),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='people.patient')),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Escalation',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('happened_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('step', models.CharField(help_text='core.care.watch.Escalation.step', max_length=20)),
                ('because', models.TextField()),
                ('alarm', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='escalations', to='treatment.alarm')),
                ('corrects', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrected_by', to='treatment.escalation')),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='people.patient')),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Remark',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('happened_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('symptom', models.CharField(blank=True, help_text='core.care.watch.Symptom', max_length=24)),
                ('text', models.TextField(blank=True)),
                ('corrects', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrected_by', to='treatment.remark')),
                ('encounter', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='chart.encounter')),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='people.patient')),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Session',
            fields=[
                ('encounter', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, serialize=False, to='chart.encounter')),
                ('bed', models.CharField(help_text='As the monitor in that room names itself', max_length=40)),
                ('stage', models.CharField(choices=[('running', 'In session'), ('recovery', 'Recovering'), ('ended', 'Ended')], default='running', max_length=8)),
                ('started_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('silent_after', models.DateTimeField(blank=True, null=True)),
                ('watch', models.JSONField(default=dict, editable=False)),
                ('care_team', models.ManyToManyField(related_name='+', to=settings.AUTH_USER_MODEL)),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='treatments', to='people.patient')),
                ('plan', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='session', to='planning.plan')),
            ],
        ),
        migrations.CreateModel(
            name='StageChange',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('happened_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('stage', models.CharField(choices=[('running', 'In session'), ('recovery', 'Recovering'), ('ended', 'Ended')], max_length=8)),
                ('corrects', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrected_by', to='treatment.stagechange')),
                ('encounter', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='chart.encounter')),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='people.patient')),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddIndex(
            model_name='alarm',
            index=models.Index(fields=['encounter', '-happened_at'], name='alarm_by_time'),
        ),
        migrations.AddConstraint(
            model_name='acknowledgement',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='acknowledgement_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='acknowledgement',
            constraint=models.CheckConstraint(condition=models.Q(('recorded_by__isnull', False)), name='acknowledgement_has_a_person'),
        ),
        migrations.AddConstraint(
            model_name='escalation',
            constraint=models.UniqueConstraint(fields=('alarm', 'step'), name='escalation_once_a_step'),
        ),
        migrations.AddConstraint(
            model_name='remark',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('symptom', ''), _negated=True), models.Q(('text', ''), _negated=True), _connector='OR'), name='remark_says_something'),
        ),
        migrations.AddIndex(
            model_name='session',
            index=models.Index(condition=models.Q(('stage', 'ended'), _negated=True), fields=['silent_after'], name='session_going_silent'),
        ),
        migrations.AddIndex(
            model_name='session',
            index=models.Index(fields=['bed', '-started_at'], name='session_of_bed'),
        ),
        migrations.AddConstraint(
            model_name='session',
            constraint=models.UniqueConstraint(condition=models.Q(('stage', 'ended'), _negated=True), fields=('bed',), name='one_session_in_a_bed'),
        ),
        migrations.AddConstraint(
            model_name='session',
            constraint=models.UniqueConstraint(condition=models.Q(('stage', 'ended'), _negated=True), fields=('patient',), name='one_session_of_a_patient'),
        ),
        migrations.AddConstraint(
            model_name='session',
            constraint=models.CheckConstraint(condition=models.Q(('ended_at', None), ('ended_at__gte', models.F('started_at')), _connector='OR'), name='session_ends_after_it_starts'),
        ),
        migrations.AddConstraint(
            model_name='session',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', False), ('stage', 'ended')), models.Q(models.Q(('stage', 'ended'), _negated=True), ('ended_at', None)), _connector='OR'), name='session_ended_says_when'),
        ),
        migrations.AddConstraint(
            model_name='session',
            constraint=models.CheckConstraint(condition=models.Q(('stage', 'ended'), ('silent_after__isnull', False), _connector='OR'), name='session_in_progress_can_go_silent'),
        ),
        migrations.RunSQL("SELECT record_guard('treatment_stagechange')", migrations.RunSQL.noop),
        migrations.RunSQL("SELECT record_guard('treatment_remark')", migrations.RunSQL.noop),
        migrations.RunSQL("SELECT record_guard('treatment_alarm')", migrations.RunSQL.noop),
        migrations.RunSQL("SELECT record_guard('treatment_alarmend')", migrations.RunSQL.noop),
        migrations.RunSQL("SELECT record_guard('treatment_acknowledgement')", migrations.RunSQL.noop),
        migrations.RunSQL("SELECT record_guard('treatment_escalation')", migrations.RunSQL.noop),
    ]
