"""What the rules said, what was cleared, and consent, as guarded facts."""

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
            name='Assessment',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('happened_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('verdict', models.CharField(help_text='A core.care.eligibility.Verdict', max_length=24)),
                ('reasons', models.JSONField(help_text='core.care.eligibility.Reason, each as JSON')),
                ('answers', models.JSONField(help_text='question id -> answer, as used')),
                ('clearances', models.JSONField(help_text='rule id -> core.care.words.Clearance, as used')),
                ('age_years', models.FloatField()),
                ('drug', models.CharField(max_length=12)),
                ('route', models.CharField(max_length=16)),
                ('policy_version', models.CharField(max_length=40)),
                ('corrects', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrected_by', to='screening.assessment')),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='people.patient')),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Clearance',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('happened_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('rule', models.CharField(max_length=60)),
                ('reason', models.TextField()),
                ('signed_name', models.CharField(max_length=120)),
                ('answers', models.JSONField(help_text='What the rule had found: question id -> answer')),
                ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cleared', to='screening.assessment')),
                ('corrects', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrected_by', to='screening.clearance')),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='people.patient')),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('happened_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('kind', models.CharField(choices=[('treatment', 'Ketamine treatment')], default='treatment', max_length=12)),
                ('text_version', models.CharField(max_length=40)),
                ('given', models.BooleanField()),
                ('signed_name', models.CharField(help_text='As the patient printed it', max_length=120)),
                ('touch_ok', models.BooleanField(null=True)),
                ('remark', models.TextField(blank=True)),
                ('corrects', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrected_by', to='screening.consent')),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='people.patient')),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddIndex(
            model_name='assessment',
            index=models.Index(fields=['patient', '-happened_at'], name='assessment_by_time'),
        ),
        migrations.AddConstraint(
            model_name='clearance',
            constraint=models.UniqueConstraint(fields=('assessment', 'rule'), name='cleared_once'),
        ),
        migrations.AddIndex(
            model_name='consent',
            index=models.Index(fields=['patient', '-happened_at'], name='consent_by_time'),
        ),
        migrations.RunSQL("SELECT record_guard('screening_assessment')", migrations.RunSQL.noop),
        migrations.RunSQL("SELECT record_guard('screening_clearance')", migrations.RunSQL.noop),
        migrations.RunSQL("SELECT record_guard('screening_consent')", migrations.RunSQL.noop),
    ]
