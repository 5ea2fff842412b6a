import { Annotations, IResolvable, IResolveContext, Reference, Stack, Token } from 'aws-cdk-lib';
import { DEFAULT_CROSS_STACK_REFERENCES } from 'aws-cdk-lib/cx-api';
import { IConstruct } from 'constructs';

const WARNING_ID = 'cdk-bedrock-gpt-oss:crossStackReference';

/**
 * An attribute that changes with every version of the model, as a string that warns when another stack uses it: the
 * CDK makes an export of that, and CloudFormation refuses to change an export in use.
 */
export function changingAttribute(owner: IConstruct, property: string, attribute: Reference): string {
  return Token.asString(new ChangingAttribute(owner, property, attribute));
}

/** Silences the warning for one construct, saying why. */
export function acceptCrossStackReferences(owner: IConstruct, reason: string): void {
  Annotations.of(owner).acknowledgeWarning(WARNING_ID, reason);
}

/** A Reference, not a Lazy, so that `CfnOutput`, `Stack.exportValue` and `Stack.consumeReference` know what it is. */
class ChangingAttribute extends Reference {
  constructor(
    private readonly owner: IConstruct,
    private readonly property: string,
    private readonly attribute: Reference,
  ) {
    super(attribute, attribute.target, attribute.displayName);
  }

  public override resolve(context: IResolveContext): IResolvable {
    const consumer = Stack.of(context.scope);
    if (outermost(consumer) !== outermost(Stack.of(this.owner)) && !usesWeakReferences(consumer)) {
      // on the resource, because an acknowledgement counts for what lies below a construct, not for itself
      Annotations.of(this.target).addWarningV2(WARNING_ID, this.advice(consumer));
    }
    return this.attribute;
  }

  private advice(consumer: Stack): string {
    return (
      `'${this.property}' of ${this.owner.node.path} is used in stack '${consumer.node.path}' and so becomes an export, which CloudFormation refuses to change while it is in use: the first new version of the model could not be deployed. ` +
      `Write model.publish('/my/model') here, and GptOssImportedModel.fromParameter(this, 'Model', '/my/model') there`
    );
  }
}

function outermost(stack: Stack): Stack {
  return stack.nestedStackParent ? outermost(stack.nestedStackParent) : stack;
}

/** Weak references are read when the consumer is deployed, without an export. */
function usesWeakReferences(consumer: Stack): boolean {
  return consumer.node.tryGetContext(DEFAULT_CROSS_STACK_REFERENCES) === 'weak';
}
