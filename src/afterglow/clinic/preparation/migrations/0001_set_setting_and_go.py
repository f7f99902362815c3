"""Set and setting, and whether a session may start, as guarded facts."""

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
        ('planning', '0001_proposals_and_signed_plans'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='GoNoGo',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('happened_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('found', models.JSONField(help_text='core.care.checks.Found')),
                ('overrides', models.JSONField(default=dict, help_text='check id -> core.care.words.Override')),
                ('signers', models.JSONField(help_text='user ids and printed names, in order of signing')),
                ('results', models.JSONField(help_text='core.care.checks.GoNoGo')),
                ('decision', models.CharField(max_length=16)),
                ('may_start', models.BooleanField()),
                ('policy_version', models.CharField(max_length=40)),
                ('corrects', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrected_by', to='preparation.gonogo')),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='people.patient')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='checks', to='planning.plan')),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'go or no-go',
                'indexes': [models.Index(fields=['plan', '-happened_at'], name='go_by_time')],
            },
        ),
        migrations.CreateModel(
            name='Preparation',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('happened_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('intention', models.TextField(blank=True, help_text="In the patient's own words")),
                ('calm', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('fear', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('trust', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('slept_hours', models.FloatField(blank=True, null=True)),
                ('stressors', models.TextField(blank=True)),
                ('music', models.TextField(blank=True)),
                ('headphones', models.BooleanField(blank=True, null=True)),
                ('eye_shade', models.BooleanField(blank=True, null=True)),
                ('lights', models.CharField(blank=True, max_length=80)),
                ('room', models.CharField(blank=True, max_length=80)),
                ('people_present', models.CharField(blank=True, max_length=200)),
                ('guidance', models.CharField(blank=True, max_length=200)),
                ('touch', models.CharField(blank=True, choices=[('yes', 'Yes, a hand on the arm or shoulder is welcome'), ('ask', 'Only if I ask for it in the session'), ('no', 'No touch')], max_length=4)),
                ('corrects', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrected_by', to='preparation.preparation')),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='people.patient')),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['patient', '-happened_at'], name='preparation_by_time')],
            },
        ),
        migrations.RunSQL("SELECT record_guard('preparation_preparation')", migrations.RunSQL.noop),
        migrations.RunSQL("SELECT record_guard('preparation_gonogo')", migrations.RunSQL.noop),
    ]
