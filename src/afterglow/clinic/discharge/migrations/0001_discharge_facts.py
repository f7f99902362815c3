"""Looks at whether a patient may leave, and departures, as guarded facts."""

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
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='LeavingCheck',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('happened_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('found', models.JSONField(help_text='core.care.leave.Found, as JSON')),
                ('criteria', models.JSONField(help_text='core.care.leave.Criterion, each as JSON')),
                ('overall', models.CharField(help_text='A core.care.leave.Leaving', max_length=12)),
                ('policy_version', models.CharField(max_length=40)),
                ('corrects', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrected_by', to='discharge.leavingcheck')),
                ('encounter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='leaving_checks', to='chart.encounter')),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='people.patient')),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Discharge',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('happened_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('ready_at', models.DateTimeField(null=True)),
                ('escort_name', models.CharField(blank=True, max_length=120)),
                ('next_contact_at', models.DateTimeField()),
                ('signed_as', models.CharField(max_length=120)),
                ('override_reason', models.TextField(blank=True)),
                ('corrects', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrected_by', to='discharge.discharge')),
                ('encounter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='discharges', to='chart.encounter')),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='people.patient')),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('check_used', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='discharges', to='discharge.leavingcheck')),
            ],
        ),
        migrations.AddIndex(
            model_name='leavingcheck',
            index=models.Index(fields=['encounter', '-happened_at'], name='leaving_check_by_time'),
        ),
        migrations.AddConstraint(
            model_name='discharge',
            constraint=models.UniqueConstraint(condition=models.Q(('corrects__isnull', True)), fields=('encounter',), name='left_once'),
        ),
        migrations.RunSQL("SELECT record_guard('discharge_leavingcheck')", migrations.RunSQL.noop),
        migrations.RunSQL("SELECT record_guard('discharge_discharge')", migrations.RunSQL.noop),
    ]
