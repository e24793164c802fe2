{{/* What every pod has: no root, no writing, no token, secrets as files. */}}
{{- define "cpt.pod" -}}
{{- $values := .root.Values -}}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with $values.image.pullSecrets }}
imagePullSecrets: {{- range . }}
  - {name: {{ . | quote }}}
  {{- end }}
{{- end }}
{{- with $values.scheduling.priorityClassName }}
priorityClassName: {{ . | quote }}
{{- end }}
{{- with $values.scheduling.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.scheduling.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: 65532
  runAsGroup: 65532
  fsGroup: 65532
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: {type: RuntimeDefault}
volumes:
  - name: tmp
    emptyDir: {sizeLimit: 256Mi}
  {{- with .secret }}
  - name: secrets
    secret: {secretName: {{ . | quote }}, defaultMode: 288}
  {{- end }}
  {{- if .secrets }}
  {{- range splitList " " (include "cpt.services" .root) }}
  - name: {{ . }}
    secret: {secretName: {{ index $.secrets . "migrate" | quote }}, defaultMode: 288}
  {{- end }}
  {{- end }}
  {{- if .documents }}
  - name: documents
    persistentVolumeClaim: {claimName: {{ $values.documents.claim | quote }}}
  {{- end }}
  {{- with .configMap }}
  - name: files
    configMap: {name: {{ . | quote }}}
  {{- end }}
{{- end }}

{{- define "cpt.container" -}}
image: "{{ .root.Values.image.registry }}/{{ .service }}:{{ .root.Values.image.tag }}"
imagePullPolicy: {{ .root.Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
resources: {{- toYaml .resources | nindent 2 }}
volumeMounts:
  - {name: tmp, mountPath: /tmp}
  {{- if .secret }}
  - {name: {{ .volume | default "secrets" }}, mountPath: /run/secrets/cpt, readOnly: true}
  {{- end }}
  {{- if .documents }}
  - {name: documents, mountPath: /documents}
  {{- end }}
  {{- if .configMap }}
  - {name: files, mountPath: /run/cpt, readOnly: true}
  {{- end }}
{{- end }}

{{/* Jobs get nothing of the release's ConfigMap, which does not exist before the first installation. */}}
{{- define "cpt.jobEnvironment" -}}
- {name: CPT_ENVIRONMENT, value: {{ .root.Values.environment }}}
- {name: CPT_KAFKA__BOOTSTRAP_SERVERS, value: {{ .root.Values.kafka.bootstrapServers | quote }}}
{{- if .secret }}
- {name: CPT_SECRETS_DIR, value: /run/secrets/cpt}
{{- end }}
{{- end }}
